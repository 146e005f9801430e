// The fields of a composer, as its island needs them.
export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** True for anything that a form sends. */
export function isField(target: EventTarget | null): target is Field {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}

/** What the caption fields hold, by id. */
export function captions(): Map<string, string> {
  const fields = document.querySelectorAll<HTMLTextAreaElement>("textarea[data-caption]");
  return new Map(Array.from(fields, (field) => [field.id, field.value]));
}

/** After an order, writing goes on where it made room. */
export function focusAfter(order: string): void {
  const [verb, name = "", place = "0"] = order.split(":");
  if (verb === "add-part") document.getElementById(`${name}-p${Number(place) + 1}-caption`)?.focus();
  const panel = document.getElementById(`panel-${name}`);
  if (verb === "own" && !panel?.contains(document.activeElement)) {
    document.getElementById(`${name}-p0-caption`)?.focus();
  }
}
