export interface Doc {
  readonly text: string;
  readonly sentence: string;
  readonly throws: readonly string[];
  readonly examples: readonly string[];
}

export interface Entry {
  readonly name: string;
  readonly kind: "function" | "class" | "constant" | "type" | "record" | "constructor" | "field";
  readonly doc: Doc;
  readonly signature: string;
  readonly options: readonly {
    readonly name: string;
    readonly default?: string;
    readonly about: string;
  }[];
  /** Whether tensors go in or come out. */
  readonly tensors?: boolean;
  /** Errors that the function throws itself. */
  readonly thrown?: readonly string[];
  readonly members?: readonly Entry[];
}

export interface Reference {
  readonly groups: readonly { readonly heading: string; readonly entries: readonly Entry[] }[];
  readonly others: readonly Entry[];
}

export function readReference(root: string): Reference;
export function allEntries(reference: Reference): readonly Entry[];
export function hasShapes(text: string): boolean;
export function pagesOf(
  root: string,
  reference: Reference,
  options: { readonly systems: Readonly<Record<string, never>> },
): Readonly<Record<string, string>>;
export function writtenPages(root: string): Promise<Readonly<Record<string, string>>>;
export function brokenLinks(
  root: string,
  files: readonly string[],
  written?: Readonly<Record<string, string>>,
): readonly string[];

export interface Example {
  readonly name: string;
  readonly code: string;
  /** The module of `dist` whose names it may use, when it is the example of no public name. */
  readonly inside?: string | undefined;
}

export function examplesIn(root: string): readonly Example[];
export function checked(code: string): { readonly script: string; readonly arrows: number };
export function asModule(code: string, names: Readonly<Record<string, readonly string[]>>): string;
