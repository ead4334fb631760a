// Saving: every changed file, if it is still on the disk as the page has read it.

import { ask, Refused } from "./api";
import { store } from "./store";

// Saves; what went wrong, in a sentence, or an empty text.
export async function saveAll(look: () => Promise<void>): Promise<string> {
  if (!store.session.may_write) return "The studio was started without --write, so that it changes no file: start it again with --write.";
  let problem = "";
  for (const file of store.session.files) {
    const text = store.texts[file.name];
    if (text === undefined || text === store.saved[file.name]) continue;
    try {
      const answer = await ask<{ version: string }>("save", { name: file.name, text, version: file.version });
      file.version = answer.version;
      store.saved[file.name] = text;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { version } = file;
      await look();
      if (file.version === version) problem = error.message; // else the person has chosen, and may save
    }
  }
  return problem;
}
