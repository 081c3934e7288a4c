/* The site's notebook of this chapter, with the reader's code in the place of the book's. */

export const download = async (chapter, steps, files, home) => {
  const notebook = await (await fetch(new URL(`../notebooks/${chapter}.ipynb`, home))).json();
  const text = cell => [cell.source].flat().join("");
  for (const step of steps) {
    if (!step.field || step.field.value === step.source) continue;
    const cell = notebook.cells.find(cell => cell.cell_type === "code" && text(cell).trim() === step.source.trim());
    if (cell) cell.source = step.field.value;
  }
  for (const { field, own } of files)
    notebook.cells.push({ cell_type: "code", id: `own-${notebook.cells.length}`, metadata: {}, execution_count: null, outputs: [], source: `# ${own} must lie beside this notebook.\n${field.value}` });
  const address = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" }));
  Object.assign(document.createElement("a"), { href: address, download: `${chapter}.ipynb` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
