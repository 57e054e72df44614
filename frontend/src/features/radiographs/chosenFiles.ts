/** A file as it was chosen: with the folders it lay in, from the chosen one on. */
export interface ChosenFile {
  file: File;
  name: string;
}

export const fromInput = (files: FileList | null): ChosenFile[] =>
  [...(files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

/** Everything that was dropped, folders with all that is in them. */
export async function fromDrop(data: DataTransfer): Promise<ChosenFile[]> {
  // Asked for at once: the browser forgets what was dropped as soon as the event is over.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const plain = fromInput(data.files);
  if (entries.every((entry) => entry === null)) return plain;
  const found = await Promise.all(entries.map((entry) => (entry ? filesOf(entry) : [])));
  return found.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  const found: ChosenFile[] = [];
  for (const each of await everyEntry((entry as FileSystemDirectoryEntry).createReader())) found.push(...(await filesOf(each)));
  return found;
}

/** A reader gives a hundred entries at a time, until it gives none. */
async function everyEntry(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
