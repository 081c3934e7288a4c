/* The one script that a page loads before its button is pressed. */
{
  const home = new URL(".", document.currentScript.src);
  const button = document.querySelector(".run-here");
  button.hidden = false;
  if (!window.WebAssembly || !window.Worker) {
    button.disabled = true;
    button.textContent = "This browser is too old to run the chapter here";
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const view = await import(new URL("notebook.js", home));
      await view.open(button.dataset.chapter);
      button.hidden = true;
    } catch (error) {
      button.disabled = false;
      button.textContent = "Not loaded. Are you online? Try again";
      console.error(error);
    }
  });
}
