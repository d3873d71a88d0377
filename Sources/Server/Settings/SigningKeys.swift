import Credentials

/// Pairs of keys that sign and check access tokens, where a secret is not enough: others can check tokens by public keys and
/// sign none.
struct SigningKeys {
    /// Signs; nil where the secret does.
    var current: SignatureKey?
    /// Of other pairs whose tokens are good: those before this one, or the one to come.
    var others: [SignatureKey] = []
    /// Whether tokens that a secret has signed are good beside those of the pairs.
    var acceptsSecrets = true

    init() {}

    init(_ settings: inout Settings, isServing: Bool) {
        current = Self.own(&settings, isServing)
        others = Self.others(&settings, isServing).filter { [current] in $0.id != current?.id }
        acceptsSecrets = settings.isOn("JWT_ACCEPT_SECRETS", standard: true)
        if !acceptsSecrets, settings.text("JWT_PRIVATE_KEY") == nil {
            settings.add(problem: "JWT_ACCEPT_SECRETS can be off only where JWT_PRIVATE_KEY signs")
        }
    }

    private static func own(_ settings: inout Settings, _ isServing: Bool) -> SignatureKey? {
        let name = "JWT_PRIVATE_KEY"
        guard let text = settings.text(name).map(lines) else { return nil }
        // The key itself is never part of what is reported.
        do throws(SignatureKey.Fault) {
            let key = try SignatureKey(pem: text)
            if !key.canSign {
                settings.add(problem: "\(name) is a public key: it takes the private one to sign")
            } else if let objection = objection(to: key, isServing) {
                settings.add(problem: "\(name) \(objection)")
            } else {
                return key
            }
        } catch {
            settings.add(problem: "\(name) \(words(for: error, "private"))")
        }
        return nil
    }

    private static func others(_ settings: inout Settings, _ isServing: Bool) -> [SignatureKey] {
        let name = "JWT_PREVIOUS_PUBLIC_KEYS"
        guard let text = settings.text(name).map(lines) else { return [] }
        var keys: [SignatureKey] = []
        let blocks = text.split(separator: "-----BEGIN ").dropFirst(text.hasPrefix("-----BEGIN ") ? 0 : 1)
        if blocks.isEmpty { settings.add(problem: "\(name) \(words(for: .unknownKind, "public"))") }
        for (index, block) in blocks.enumerated() {
            let place = "\(name): number \(index + 1)"
            do throws(SignatureKey.Fault) {
                let key = try SignatureKey(pem: "-----BEGIN " + block)
                if key.canSign {
                    settings.add(problem: "\(place) is a private key: keep that, and give its public half")
                } else if let objection = objection(to: key, isServing) {
                    settings.add(problem: "\(place) \(objection)")
                } else if !keys.contains(where: { $0.id == key.id }) {
                    keys.append(key)
                }
            } catch {
                settings.add(problem: "\(place) \(words(for: error, "public"))")
            }
        }
        return keys
    }

    /// What cannot hold lines of its own often has `\n` in their place.
    private static func lines(_ text: String) -> String { text.replacing("\\n", with: "\n") }

    private static func words(for fault: SignatureKey.Fault, _ half: String) -> String {
        switch fault {
        case .tooWeak: "must have at least 2048 bits"
        case .tooLarge: "must have at most 8192 bits"
        case .mismatched: "does not belong to the public key that it names"
        case .unknownKind: "must be a \(half) key in PEM without a pass phrase, of RSA or of the curve P-256"
        }
    }

    private static func objection(to key: SignatureKey, _ isServing: Bool) -> String? {
        isServing && samples.contains(key.id) ? "is a sample that everybody has: make a key" : nil
    }

    /// Thumbprints of keys whose private halves are published: of RFC 7515 and RFC 7517, and those of jwt.io.
    private static let samples: Set<String> = [
        "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8", "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
        "oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY", "19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8",
    ]
}
