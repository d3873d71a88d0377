import Testing

@testable import OutboundHTTP

@Suite(.timeLimit(.minutes(3))) struct ReachTests {
    private func isPublic(_ address: String) throws -> Bool {
        Reach.publicOnly.admits(try #require(Reach.octets(address), "\(address)"))
    }

    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::a00:1", "fc00::1", "fd12:3456::1", "fe80::1", "ff02::1", "2001:db8::1",
        "2001::1", "2002:7f00:1::", "3fff::1", "::7f00:1",
    ])
    func `private, local and special addresses are not public`(address: String) throws {
        let isPublic = try isPublic(address)
        #expect(!isPublic)
        let octets = try #require(Reach.octets(address))
        #expect(Reach.anywhere.admits(octets))
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
        "192.167.1.1", "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888",
        "::ffff:1.1.1.1", "2a00::1",
    ])
    func `the others are`(address: String) throws {
        let isPublic = try isPublic(address)
        #expect(isPublic)
    }

    @Test func `what is no address is not public`() {
        #expect(!Reach.publicOnly.admits([]))
        #expect(Reach.octets("example.org") == nil)
    }
}
