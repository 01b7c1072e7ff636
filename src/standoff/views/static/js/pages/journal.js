// The journal needs no script of its own.
import { everyPage } from "./every.js";

everyPage();
