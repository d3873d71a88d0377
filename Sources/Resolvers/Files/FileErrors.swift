import Actions
import FileStore

extension UserError {
    init(_ failure: FileFailure, _ path: [String]) {
        switch failure {
        case .rejected(let fault, let rule):
            self = .fileRejectedError(
                FileRejectedError(
                    code: .fileRejected,
                    message: fault.message,
                    path: path,
                    reason: FileRejectionReason(rawValue: fault.rawValue) ?? .damaged,
                    maxBytes: BigInt(rule.maximumBytes),
                    allowedTypes: rule.mediaTypes
                )
            )
        case .quota(let used, let limit):
            self = .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: "There is no room for this file.",
                    path: path,
                    feature: "storage",
                    limit: BigInt(limit),
                    used: BigInt(used)
                )
            )
        case .notFound: self = .notFound(path)
        case .incomplete: self = .conflict(.uploadIncomplete, "The bytes of this file have not been sent.", path)
        case .inUse: self = .conflict(.hasDependents, "Something else refers to this file.", path)
        }
    }
}

extension FileFailure {
    /// Which part of the input of fileUploadStart it is about.
    var startPath: [String] {
        switch self {
        case .rejected(.empty, _), .rejected(.tooLarge, _), .quota: ["input", "byteSize"]
        default: ["input", "filename"]
        }
    }
}
