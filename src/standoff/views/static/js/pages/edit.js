// Forms of records work without a script.
import { everyPage } from "./every.js";

everyPage();
