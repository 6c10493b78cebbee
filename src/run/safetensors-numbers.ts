/** One type of numbers as safetensors keep it, and how it becomes float32. */
interface NumberFormat {
  readonly bytes: number;
  /** From numbers alone in a buffer of their own. */
  read(buffer: ArrayBuffer): Float32Array;
}

/** The types that are read; float64 is rounded, the others lose nothing. */
export const numberFormats: Readonly<Record<string, NumberFormat>> = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F16: { bytes: 2, read: (buffer) => halvesToFloats(new Uint16Array(buffer)) },
  BF16: { bytes: 2, read: bfloatsToFloats },
  F64: { bytes: 8, read: (buffer) => Float32Array.from(new Float64Array(buffer)) },
};

/** IEEE 754 binary16 as float32: a sign, 5 bits of exponent, 10 of fraction. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const bits = halves[i]!;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    floats[i] = bits >> 15 === 1 ? -size : size;
  }
  return floats;
}

/** float32 as the nearest IEEE 754 binary16, ties to even, as processors round. */
export function floatsToHalves(floats: Float32Array): Uint16Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const size = Math.abs(floats[i]!);
    // Below 2⁻¹⁴ halves are evenly spaced; elsewhere 13 bits of the fraction are rounded away.
    if (Number.isNaN(size)) halves[i] = 0x7e00;
    else if (size < 2 ** -14) halves[i] = sign | roundedEven(size * 2 ** 24);
    else if (size >= 65_520) halves[i] = sign | 0x7c00;
    else {
      const magnitude = bits[i]! & 0x7fff_ffff;
      const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
      halves[i] = sign | ((rounded >>> 13) - ((127 - 15) << 10));
    }
  }
  return halves;
}

function roundedEven(x: number): number {
  const low = Math.floor(x);
  const over = x - low;
  return over > 0.5 || (over === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** The upper halves of float32 numbers. */
function bfloatsToFloats(buffer: ArrayBuffer): Float32Array {
  const upper = new Uint16Array(buffer);
  const bits = Uint32Array.from(upper, (half) => half << 16);
  return new Float32Array(bits.buffer);
}
