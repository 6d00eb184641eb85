import { isImageName } from '../../../src-main/common/file-formats.ts';

/** A file that was dropped or chosen. */
export interface DroppedFile {
  file: File;
  /** Its folders, as far as they were dropped with it, and its name. */
  path: string;
}

/** The folder that was dropped, where it was one and nothing beside it. */
export function commonFolder(files: readonly Pick<DroppedFile, 'path'>[]): string | undefined {
  const [top, ...below] = files[0]?.path.split('/') ?? [];
  return below.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`)) ? top : undefined;
}

/** Files of a dialog; of a chosen folder, with their paths in it. */
export function chosenFiles(files: Iterable<File>): DroppedFile[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** The files of a drop; of dropped folders, the images below them in order of name. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // The transfer is emptied once its event is over: take all entries before the first wait.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files: DroppedFile[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push({ file: entry, path: entry.name });
    else if (entry?.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else if (entry) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)));
    else if (isImageName(entry.name)) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

/** A reader hands entries out in parts, until an empty one. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) break;
    entries.push(...part);
  }
  return entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

async function fileOf(entry: FileSystemFileEntry): Promise<DroppedFile> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return { file, path: entry.fullPath.replace(/^\//, '') };
}
