/// How many streams each address has on a loop.
struct AddressShares {
    private var counts: [SocketAddress: Int] = [:]

    /// False when the address has as many as it may have.
    mutating func enter(_ address: SocketAddress, limit: Int) -> Bool {
        let count = counts[address.network, default: 0]
        guard count < limit else { return false }
        counts[address.network] = count + 1
        return true
    }

    mutating func leave(_ address: SocketAddress) {
        let left = counts[address.network, default: 1] - 1
        counts[address.network] = left > 0 ? left : nil
    }
}
