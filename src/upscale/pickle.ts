import { BadFile } from "../data/files/source.js";

/** A class or function that a pickle names. It is only ever compared with names that are known. */
export class Global {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a pickle made of something that is not known here: nothing is called, nothing is kept. */
export class Inert {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A list or tuple. */
type Sequence = PickleValue[];

/** Whatever a pickle holds; dictionaries are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Sequence
  | Map<PickleValue, PickleValue>
  | Global
  | Inert
  | object;

/** What is done where a pickle asks for more than plain data. */
export interface PickleReader {
  /** The object outside of the pickle that it tells of. */
  persistent(id: PickleValue): PickleValue;
  /** What a known function makes of its arguments; undefined when it is not known. */
  reduce(name: string, args: Sequence): PickleValue | undefined;
}

const mark = Symbol("mark");

/**
 * Reads one pickle from some bytes on, and says where it ends. It is a reader of data: the stack
 * machine is followed, and what it would call is looked up among the few functions that `reader`
 * knows. Everything else becomes an `Inert` that nothing looks into.
 *
 * Python's `pickletools` documents the format; these are the operations that `torch.save` uses.
 */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  reader: PickleReader,
): { readonly value: PickleValue; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: (PickleValue | typeof mark)[] = [];
  const memo = new Map<number, PickleValue>();
  let at = start;

  const need = (count: number): number => {
    if (!(count >= 0 && at + count <= bytes.length)) throw new BadFile("ends within its pickle");
    at += count;
    return at - count;
  };
  const byte = (): number => bytes[need(1)]!;
  const text = (length: number): string => {
    const from = need(length);
    return new TextDecoder().decode(bytes.subarray(from, from + length));
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    const found = text((end < 0 ? bytes.length : end) - at);
    need(1);
    return found;
  };
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || typeof value === "symbol") throw new BadFile("has a broken pickle");
    return value;
  };
  const top = (): PickleValue => {
    const value = pop();
    stack.push(value);
    return value;
  };
  const sinceMark = (): PickleValue[] => {
    const place = stack.lastIndexOf(mark);
    if (place < 0) throw new BadFile("has a broken pickle");
    const values = stack.splice(place).slice(1);
    return values as PickleValue[]; // the mark was the last
  };
  const long = (length: number): number | bigint => {
    const from = need(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from + i]!);
    if (length > 0 && bytes[from + length - 1]! >= 128) value -= 1n << BigInt(8 * length);
    const plain = Number(value);
    return Number.isSafeInteger(plain) ? plain : value;
  };
  const store = (key: number): void => {
    memo.set(key, top());
  };
  const recall = (key: number): void => {
    const value = memo.get(key);
    if (value === undefined) throw new BadFile("has a broken pickle");
    stack.push(value);
  };
  const setItems = (items: readonly PickleValue[]): void => {
    const target = top();
    if (!(target instanceof Map)) return;
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
  };
  const call = (callee: PickleValue, args: PickleValue): void => {
    const name = callee instanceof Global ? callee.name : "something";
    const made = Array.isArray(args) ? reader.reduce(name, args) : undefined;
    stack.push(made ?? new Inert(name));
  };

  for (;;) {
    const code = byte();
    switch (code) {
      case 0x80: // PROTO
        byte();
        break;
      case 0x95: // FRAME
        need(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        stack.push(mark);
        break;
      case 0x30: // POP
        stack.pop();
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(code === 0x88);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(need(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(byte());
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(need(2), true));
        break;
      case 0x8a: // LONG1
        stack.push(long(byte()));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(need(8)));
        break;
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING
        stack.push(text(view.getUint32(need(4), true)));
        break;
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        stack.push(text(byte()));
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x74: // TUPLE
        stack.push(sinceMark());
        break;
      case 0x85: // TUPLE1, TUPLE2, TUPLE3
      case 0x86:
      case 0x87: {
        const values = Array.from({ length: code - 0x84 }, pop);
        stack.push(values.reverse());
        break;
      }
      case 0x61: // APPEND
      case 0x65: {
        // APPENDS
        const values = code === 0x61 ? [pop()] : sinceMark();
        const target = top();
        if (Array.isArray(target)) for (const value of values) target.push(value);
        break;
      }
      case 0x73: {
        // SETITEM
        const [value, key] = [pop(), pop()];
        setItems([key, value]);
        break;
      }
      case 0x75: // SETITEMS
        setItems(sinceMark());
        break;
      case 0x71: // BINPUT
        store(byte());
        break;
      case 0x72: // LONG_BINPUT
        store(view.getUint32(need(4), true));
        break;
      case 0x94: // MEMOIZE
        store(memo.size);
        break;
      case 0x68: // BINGET
        recall(byte());
        break;
      case 0x6a: // LONG_BINGET
        recall(view.getUint32(need(4), true));
        break;
      case 0x63: {
        // GLOBAL
        const [module, name] = [line(), line()];
        stack.push(new Global(`${module}.${name}`));
        break;
      }
      case 0x93: {
        // STACK_GLOBAL
        const [name, module] = [pop(), pop()];
        stack.push(new Global(`${String(module)}.${String(name)}`));
        break;
      }
      case 0x51: // BINPERSID
        stack.push(reader.persistent(pop()));
        break;
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [args, callee] = [pop(), pop()];
        call(callee, args);
        break;
      }
      case 0x62: // BUILD: the state of an object, which no plain data have
        pop();
        break;
      default:
        throw new BadFile(`has a pickle with the operation 0x${code.toString(16)}`);
    }
  }
}
