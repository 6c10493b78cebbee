// What tests ask of the reference.
export { hasShapes } from "./comment.mjs";
export { asModule, checked, examplesIn } from "./examples.mjs";
export { brokenLinks } from "./links.mjs";
export { pagesOf } from "./pages.mjs";
export { allEntries, readReference } from "./reference.mjs";
export { writtenPages } from "./write.mjs";
