/// A bucket, and who may use it.
package struct S3Options: Sendable {
    package let bucket: String
    package let region: String
    package let accessKey: String
    package let secretKey: String
    /// Of a service other than Amazon's, which has its buckets in its paths; nil for Amazon's.
    package let endpoint: String?
    /// For one object to be sent or fetched.
    package var transferSeconds = 300

    package init(bucket: String, region: String, accessKey: String, secretKey: String, endpoint: String?) {
        self.bucket = bucket
        self.region = region
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.endpoint = endpoint
    }

    /// What stands in front of keys in addresses.
    package var base: String {
        if let endpoint { return "\(endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint)/\(bucket)" }
        return "https://\(bucket).s3.\(region).amazonaws.com"
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    package static func isBucket(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
    }
}
