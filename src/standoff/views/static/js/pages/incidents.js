// Incidents need no script of their own: the forms are plain.
import { everyPage } from "./every.js";

everyPage();
