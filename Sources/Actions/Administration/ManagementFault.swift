package typealias ManagementFault = Fault<ManagementFaultCode>
package typealias ManagementFaults = Faults<ManagementFaultCode>

package enum ManagementFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    case emailTaken = "EMAIL_TAKEN"
    case lastOwner = "LAST_OWNER"
    case invalidTransition = "INVALID_TRANSITION"
}
