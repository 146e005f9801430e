/** What the server asks the device for: JSON as WebAuthn spells it. */
export interface CreationAsked {
  creation_options: { publicKey: PublicKeyCredentialCreationOptionsJSON };
}
export interface RequestAsked {
  request_options: { publicKey: PublicKeyCredentialRequestOptionsJSON };
}

/** Whether this browser can keep passkeys here: they belong to a name, never to a bare IP address. */
export function canUsePasskeys(scope: {
  PublicKeyCredential?: unknown;
  location: { hostname: string };
}): boolean {
  const kind = scope.PublicKeyCredential;
  const isNumber = /^[\d.]+$|^\[/.test(scope.location.hostname);
  return !isNumber && typeof kind === "function" && "parseRequestOptionsFromJSON" in kind;
}

/** Ask for a passkey that is kept on the device and proves who uses it, so no password is needed. */
export function asPasskey(
  asked: PublicKeyCredentialCreationOptionsJSON,
): PublicKeyCredentialCreationOptionsJSON {
  return {
    ...asked,
    authenticatorSelection: {
      ...asked.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
}

/** Make a passkey; the answer is JSON for the server. Rejects when the person cancels. */
export async function makePasskey(asked: CreationAsked): Promise<string> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    asPasskey(asked.creation_options.publicKey),
  );
  return spelled(await navigator.credentials.create({ publicKey }));
}

/** Use a passkey; the answer is JSON for the server. Rejects when the person cancels. */
export async function usePasskey(asked: RequestAsked): Promise<string> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.request_options.publicKey);
  return spelled(await navigator.credentials.get({ publicKey }));
}

function spelled(credential: Credential | null): string {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("no passkey was given");
  return JSON.stringify(credential.toJSON());
}
