// Rules in the fragment of a link: compressed, and never sent to any server.

interface Shared {
  texts: Record<string, string>;
  event: string | null;
}

const PREFIX = "#rules=";
const MOST = 2_000_000; // characters after unpacking

export async function fragmentOf(texts: Record<string, string>, event: string | null): Promise<string> {
  const data = new TextEncoder().encode(JSON.stringify({ texts, event } satisfies Shared));
  const packed = await bytesOf(new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  return PREFIX + btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function sharedIn(hash: string): Promise<Shared | null> {
  if (!hash.startsWith(PREFIX)) return null;
  const base64 = hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const unpacked = await bytesOf(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")));
  const data = JSON.parse(new TextDecoder().decode(unpacked)) as Partial<Shared>;
  const texts = Object.fromEntries(Object.entries(data.texts ?? {}).filter(([, text]) => typeof text === "string"));
  return { texts, event: typeof data.event === "string" ? data.event : null };
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > MOST) throw new Error("the link holds too much");
    parts.push(part.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
