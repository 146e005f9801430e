/**
 * Buttons that open and close dialogs by `command` and `commandfor`, for browsers older than 2026.
 * Newer ones do this themselves, also without JavaScript.
 */
export function standInForInvokers(): void {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[commandfor]") : null;
    const dialog = document.getElementById(button?.getAttribute("commandfor") ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button?.getAttribute("command") === "show-modal" && !dialog.open) dialog.showModal();
    if (button?.getAttribute("command") === "close") dialog.close();
  });
}
