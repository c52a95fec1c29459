/** IAM answers policy documents URL-encoded. */
export function decodeDocument(document: string | undefined): string | undefined {
  if (document === undefined || !document.startsWith("%")) return document;
  return decodeURIComponent(document);
}

/** A policy as IAM takes it, whether the program gave text or an object. */
export function documentText(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}
