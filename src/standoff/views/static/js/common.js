// Shared by the pages: days in words, and elements whose text never becomes markup.

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Where the pages of this case begin: "/", or further down where several cases are served. */
export const root = new URL("../../", import.meta.url).pathname;

/** @param {string} iso */
export const day = (iso) => dayFormat.format(new Date(`${iso}T00:00:00Z`));

/** An element with a class and text; text never becomes markup. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
