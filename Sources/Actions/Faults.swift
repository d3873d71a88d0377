/// All that keeps something from being done, at least one.
package struct Faults<Code: FaultCode>: Error, Sendable, Equatable {
    package let all: [Fault<Code>]

    init(_ fault: Fault<Code>) { all = [fault] }

    init(_ code: Code, _ path: [String], _ message: String, _ detail: FaultDetail? = nil) {
        self.init(Fault(code, path, message, detail))
    }

    /// Nil where there is none.
    init?(_ faults: [Fault<Code>]) {
        if faults.isEmpty { return nil }
        all = faults
    }

    private init(all: [Fault<Code>]) { self.all = all }

    func adding(_ fault: Fault<Code>) -> Faults { Faults(all: all + [fault]) }
}
