import { expect, test } from "vitest";

import { asPasskey, canUsePasskeys } from "../lib/passkey.ts";

const Older = function (): void {
  // a browser that knows passkeys but not their JSON
};
const Capable = Object.assign(function (): void {
  // what matters is what hangs on it
}, { parseRequestOptionsFromJSON: true });

const at = (hostname: string): { PublicKeyCredential: unknown; location: { hostname: string } } => ({
  PublicKeyCredential: Capable,
  location: { hostname },
});

test("a name can have passkeys, a number cannot", () => {
  expect(canUsePasskeys(at("loa.example"))).toBe(true);
  expect(canUsePasskeys(at("localhost"))).toBe(true);
  expect(canUsePasskeys(at("127.0.0.1"))).toBe(false);
  expect(canUsePasskeys(at("[::1]"))).toBe(false);
});

test("a browser that cannot speak of passkeys in JSON is not asked to", () => {
  expect(canUsePasskeys({ location: { hostname: "loa.example" } })).toBe(false);
  expect(canUsePasskeys({ ...at("loa.example"), PublicKeyCredential: Older })).toBe(false);
});

test("a passkey is kept on the device and proves who uses it", () => {
  const asked = {
    challenge: "YQ",
    rp: { name: "Loa" },
    user: { id: "YQ", name: "ana", displayName: "Ana" },
    pubKeyCredParams: [],
    authenticatorSelection: { authenticatorAttachment: "platform" as const },
  };

  expect(asPasskey(asked).authenticatorSelection).toEqual({
    authenticatorAttachment: "platform",
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
});
