/// Who sends messages to browsers, as the services that deliver them know it: https://www.rfc-editor.org/rfc/rfc8292
package struct PushSender: Sendable {
    private let key: P256PrivateKey
    /// How to reach whoever sends, should they send too much: an address with `mailto:` or `https:`.
    private let contact: String

    /// The key is made of the secret: another secret is another sender, to whom browsers subscribe anew.
    package init(secret: String, contact: String) {
        key = .derived(from: Digest.hmacSHA256(Array("atrium.push.1".utf8), key: Array(secret.utf8)))
        self.contact = contact
    }

    /// By the private key that tools for Web Push make: 32 bytes in Base64URL. Nil for what is none.
    package init?(privateKey text: String, contact: String) {
        guard let scalar = Base64URL.decode(text), let key = P256PrivateKey(scalar: scalar) else { return nil }
        self.key = key
        self.contact = contact
    }

    /// What pages give to `PushManager.subscribe` as `applicationServerKey`.
    package var publicKey: String { Base64URL.encode(key.publicKey) }

    /// The field `authorization` of a request to the service at this origin, such as `https://push.example`; nil for an
    /// origin that no field can hold.
    package func authorization(for origin: String, expiresAtSeconds: Int64) -> String? {
        guard let audience = Self.quoted(origin), let subject = Self.quoted(contact) else { return nil }
        let head = Base64URL.encode(#"{"typ":"JWT","alg":"ES256"}"#.utf8)
        let claims = Base64URL.encode(#"{"aud":\#(audience),"exp":\#(expiresAtSeconds),"sub":\#(subject)}"#.utf8)
        guard let signature = key.signature(of: Array("\(head).\(claims)".utf8)) else { return nil }
        return "vapid t=\(head).\(claims).\(Base64URL.encode(signature)), k=\(publicKey)"
    }

    /// As JSON: what stands in addresses needs no escapes.
    private static func quoted(_ address: String) -> String? {
        let isPlain = address.utf8.allSatisfy { (0x21..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }
        return isPlain ? "\"\(address)\"" : nil
    }
}
