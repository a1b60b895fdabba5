/** WebAuthn between the server's JSON (base64url) and the browser's own objects. Level 2 of the W3C recommendation. */

type Json = Record<string, unknown>

const bytes = (text: unknown): Uint8Array<ArrayBuffer> => {
  const padded = String(text).replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0))
}

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const descriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list as Json[] | undefined) ?? []).map((item) => ({ ...item, id: bytes(item['id']) }) as never)

/** Make a key. `alone`: one that signs in without a password, so it must know its owner and check them. */
export async function create(options: Json, alone: boolean): Promise<Json> {
  const key = options['publicKey'] as Json
  const selection = { ...(key['authenticatorSelection'] as AuthenticatorSelectionCriteria | undefined) }
  selection.residentKey = alone ? 'required' : 'discouraged'
  selection.requireResidentKey = alone
  if (alone) selection.userVerification = 'required'
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...key,
      challenge: bytes(key['challenge']),
      user: { ...(key['user'] as Json), id: bytes((key['user'] as Json)['id']) },
      excludeCredentials: descriptors(key['excludeCredentials']),
      authenticatorSelection: selection,
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return answer(credential, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
  })
}

/** Prove a key. */
export async function prove(options: Json): Promise<Json> {
  const key = options['publicKey'] as Json
  const credential = (await navigator.credentials.get({
    publicKey: {
      ...key,
      challenge: bytes(key['challenge']),
      allowCredentials: descriptors(key['allowCredentials']),
    } as unknown as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return answer(credential, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
  })
}

const answer = (credential: PublicKeyCredential, response: Json): Json => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
})
