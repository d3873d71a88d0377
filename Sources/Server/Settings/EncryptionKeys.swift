import Credentials

/// What encrypts single values in the database.
enum EncryptionKeys {
    /// Reads `ID:KEY`, several with commas: the first encrypts, the others open what was encrypted before. A key is 32 bytes
    /// in base64, with or without the letters of URLs. Never tells what a key is.
    static func read(_ text: String, isServing: Bool) -> (cipher: FieldCipher?, problems: [String]) {
        var keys: [FieldCipher.Key] = []
        var problems: [String] = []
        for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let halves = part.split(separator: ":", maxSplits: 1)
            let place = "ENCRYPTION_KEYS: number \(index + 1)"
            guard halves.count == 2, let id = UInt8(halves[0]), id > 0, let bytes = bytes(halves[1]),
                let key = FieldCipher.Key(id: id, bytes: bytes)
            else {
                problems.append("\(place) must be ID:KEY, with an id from 1 to 255 and 32 bytes in base64")
                continue
            }
            if keys.contains(where: { $0.id == id }) { problems.append("\(place) has an id that another one has") }
            if isServing, Set(bytes).count < 16 { problems.append("\(place) repeats itself: take random bytes") }
            keys.append(key)
        }
        guard problems.isEmpty, let first = keys.first else { return (nil, problems) }
        return (FieldCipher(current: first, previous: Array(keys.dropFirst())), [])
    }

    /// Those that are set, or that of this machine.
    static func of(_ configuration: Configuration) throws -> FieldCipher {
        if let cipher = configuration.cipher { return cipher }
        let secret = try SigningSecret.ofThisMachine(".atrium/encryption")
        let bytes = Digest.hmacSHA256(Array("atrium.fields.1".utf8), key: Array(secret.utf8))
        guard let key = FieldCipher.Key(id: 1, bytes: bytes) else { throw UsageError(text: "no key for encryption") }
        return FieldCipher(current: key)
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        var text = text.replacing("+", with: "-").replacing("/", with: "_")
        while text.hasSuffix("=") { text.removeLast() }
        return Base64URL.decode(text.utf8)
    }
}
