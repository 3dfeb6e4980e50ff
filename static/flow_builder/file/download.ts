// Hands the text to the browser as a file, byte for byte.

/** A byte order mark, the line ends and a missing newline at the end stay as they are: the text is encoded, nothing more. */
export function downloadText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.yaml`;
  link.click();
  URL.revokeObjectURL(url);
}
