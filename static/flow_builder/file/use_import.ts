// A file from this computer becomes the flow's text: chosen in a dialog of the browser, or dropped anywhere on the builder.
import { useEffect, useRef, useState } from "react";
import { toast } from "../../site/toasts";
import { importedText } from "./imported_text";

interface FileImport {
  choose: () => void;
  /** A file is held over the page. */
  over: boolean;
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** `take` gets the text and the file's name; what cannot be taken is told to the person. */
export function useImport(take: (text: string, file: string) => void): FileImport {
  const [over, setOver] = useState(false);
  const taking = useRef(take);
  useEffect(() => {
    taking.current = take;
  });
  useEffect(() => {
    const enter = (event: DragEvent): void => setOver(holdsFiles(event));
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const hold = (event: DragEvent): void => {
      if (holdsFiles(event)) event.preventDefault();
    };
    // Before the editor, which would insert the file where it fell; the browser itself would leave the page for it.
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (document.querySelector("dialog:modal")) return;
      if (files.length > 1) toast("error", "Nothing was imported", "Drop one file: a flow is one text.");
      else if (files[0]) void read(files[0], taking.current);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hold, drop };
    Object.entries(listeners).forEach(([kind, listener]) => window.addEventListener(kind, listener as EventListener, true));
    return () => Object.entries(listeners).forEach(([kind, listener]) => window.removeEventListener(kind, listener as EventListener, true));
  }, []);
  const choose = (): void => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".yaml,.yml,application/yaml,text/yaml";
    input.addEventListener("change", () => {
      if (input.files?.[0]) void read(input.files[0], taking.current);
    });
    input.click();
  };
  return { choose, over };
}

async function read(file: File, take: (text: string, file: string) => void): Promise<void> {
  const imported = await importedText(file);
  if ("refusal" in imported) toast("error", `${file.name} was not imported`, imported.refusal);
  else take(imported.text, file.name);
}
