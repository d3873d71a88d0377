package typealias BroadcastFault = Fault<BroadcastFaultCode>
package typealias BroadcastFaults = Faults<BroadcastFaultCode>

package enum BroadcastFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case invalidTransition = "INVALID_TRANSITION"
}
