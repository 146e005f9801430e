/** Add a toast to the region; its look comes from the template the server put there. */
export function showToast(region: HTMLElement, words: string, tone: string): void {
  const pattern = region.querySelector<HTMLTemplateElement>("template");
  const toast = pattern?.content.firstElementChild?.cloneNode(true);
  if (!words || !(toast instanceof HTMLElement)) return;
  toast.classList.add(`tone-${tone}`);
  const place = toast.querySelector(".toast-words");
  if (place) place.textContent = words;
  (region.querySelector("#toasts") ?? region).append(toast);
}
