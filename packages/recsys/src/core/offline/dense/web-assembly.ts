/** The part of WebAssembly that is used here. Its types come with those of browsers, which a server does not load. */
interface Engine {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** Bytes that code and arrays share, in pages of 64 KiB, all 0 at first. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

export const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine })
  .WebAssembly;
