/** Up to 256 colours with their alpha. */
export interface Palette {
  /** `[n 3]` */
  readonly colors: Uint8Array;
  /** `[n]` */
  readonly alphas: Uint8Array;
}
