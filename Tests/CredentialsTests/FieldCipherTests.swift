import Testing

@testable import Credentials

@Suite struct FieldCipherTests {
    private let key1 = FieldCipher.Key(id: 1, bytes: [UInt8](repeating: 1, count: 32))
    private let key2 = FieldCipher.Key(id: 2, bytes: [UInt8](repeating: 2, count: 32))
    private let place = FieldCipher.Place(table: "user_profiles", column: "phone_enc", row: [1, 2, 3])

    /// Case 16 of https://csrc.nist.rip/groups/ST/toolkit/BCM/documents/proposedmodes/gcm/gcm-spec.pdf
    @Test func `AES-256-GCM is that of its specification`() {
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let nonce = bytes("cafebabefacedbaddecaf888")
        let associatedData = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let plaintext = bytes(
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
            """
        )
        let sealed = bytes(
            """
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
            76fc6ece0f4e1768cddf8853bb2d551b
            """
        )
        #expect(AES256GCM.seal(plaintext, key: key, nonce: nonce, associatedData: associatedData) == sealed)
        #expect(AES256GCM.open(sealed, key: key, nonce: nonce, associatedData: associatedData) == plaintext)
    }

    @Test(arguments: [0, 1, 16, 100_000])
    func `a value opens at its place`(length: Int) throws {
        let cipher = FieldCipher(current: try #require(key1))
        let plaintext = [UInt8](repeating: 7, count: length)
        let sealed = cipher.seal(plaintext, at: place)
        #expect(try cipher.open(sealed, at: place) == plaintext)
        #expect(cipher.seal(plaintext, at: place) != sealed)
        #expect(sealed.count == length + 30)
    }

    @Test(arguments: [
        FieldCipher.Place(table: "user_profiles", column: "phone_enc", row: [1, 2, 4]),
        FieldCipher.Place(table: "user_profiles", column: "phone_index", row: [1, 2, 3]),
        FieldCipher.Place(table: "mfa_factors", column: "phone_enc", row: [1, 2, 3]),
        FieldCipher.Place(table: "user_profilesphone", column: "_enc", row: [1, 2, 3]),
    ])
    func `a value does not open elsewhere`(other: FieldCipher.Place) throws {
        let cipher = FieldCipher(current: try #require(key1))
        let sealed = cipher.seal([1, 2, 3], at: place)
        #expect(throws: FieldCipher.Fault.notAuthentic) { try cipher.open(sealed, at: other) }
    }

    @Test func `no bit of a value can be changed`() throws {
        let cipher = FieldCipher(current: try #require(key1))
        let sealed = cipher.seal(Array("0170 5550123".utf8), at: place)
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << UInt8(bit)
                #expect(throws: FieldCipher.Fault.self) { try cipher.open(changed, at: place) }
            }
        }
        for length in 0..<sealed.count {
            #expect(throws: FieldCipher.Fault.self) { try cipher.open(Array(sealed.prefix(length)), at: place) }
        }
    }

    @Test func `a replaced key still opens what it sealed`() throws {
        let old = FieldCipher(current: try #require(key1))
        let sealed = old.seal([9], at: place)
        let new = FieldCipher(current: try #require(key2), previous: [try #require(key1)])
        #expect(try new.open(sealed, at: place) == [9])
        #expect(new.isOutdated(sealed))
        #expect(!new.isOutdated(new.seal([9], at: place)))
        #expect(throws: FieldCipher.Fault.unknownKey(2)) { try old.open(new.seal([9], at: place), at: place) }
    }

    @Test func `a key has 32 bytes`() {
        #expect(FieldCipher.Key(id: 1, bytes: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(FieldCipher.Key(id: 1, bytes: []) == nil)
    }
}
