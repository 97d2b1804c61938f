// Takes the place of linkedom in the page, which has a document of its own.

/** A document to make plots in. */
export function parseHTML(): { document: Document } {
  return { document };
}
