import { everyPage } from "./every.js";

everyPage();
