package typealias APIKeyFault = Fault<APIKeyFaultCode>
package typealias APIKeyFaults = Faults<APIKeyFaultCode>

package enum APIKeyFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    /// It was revoked, or its time is over.
    case invalidTransition = "INVALID_TRANSITION"
    case quotaExceeded = "QUOTA_EXCEEDED"
}
