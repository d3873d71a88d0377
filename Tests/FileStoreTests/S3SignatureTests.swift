import Testing

@testable import FileStore

/// The examples of Amazon's own documents:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
@Suite(.timeLimit(.minutes(3))) struct S3SignatureTests {
    private let signature = S3Signature(
        region: "us-east-1",
        accessKey: "AKIAIOSFODNN7EXAMPLE",
        secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        seconds: 1_369_353_600
    )
    private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private let base = "https://examplebucket.s3.amazonaws.com"

    private func sign(
        _ method: String,
        _ address: S3Address,
        _ fields: [(name: String, value: String)] = [],
        payload: String
    ) -> String? {
        signature.fields(method, address, fields, payload: payload).first { $0.name == "authorization" }
            .flatMap { $0.value.split(separator: "Signature=").last.map(String.init) }
    }

    @Test func `a range of an object is asked for`() {
        #expect(signature.time == "20130524T000000Z")
        #expect(
            sign("GET", S3Address(base, "test.txt"), [("range", "bytes=0-9")], payload: empty)
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    }

    @Test func `an object is put`() {
        #expect(
            sign(
                "PUT",
                S3Address(base, "test$file.text"),
                [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
            ) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        )
    }

    @Test func `a bucket is listed`() {
        #expect(
            sign("GET", S3Address(base, "", [("max-keys", "2"), ("prefix", "J")]), payload: empty)
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        )
    }

    @Test func `an address is good for a day`() {
        let address = signature.address("GET", S3Address(base, "test.txt"), forSeconds: 86_400)
        #expect(
            address.hasSuffix(
                "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
            )
        )
        #expect(address.hasPrefix("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
    }

    @Test func `a bucket may stand in the path`() {
        let options = S3Options(
            bucket: "files",
            region: "eu-central-1",
            accessKey: "a",
            secretKey: "b",
            endpoint: "http://127.0.0.1:9000/"
        )
        let address = S3Address(options.base, "image/3f/3f")
        #expect(address.host == "127.0.0.1:9000")
        #expect(address.text == "http://127.0.0.1:9000/files/image/3f/3f")
    }
}

@Suite(.timeLimit(.minutes(3))) struct S3AnswerTests {
    @Test func `objects and the next page are read`() {
        let xml = """
            <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <Contents><Key>incoming/a</Key><LastModified>2013-05-24T00:00:00.000Z</LastModified><Size>1</Size></Contents>
            <Contents><Key>incoming/b&amp;c</Key><LastModified>2013-05-25T00:00:00.000Z</LastModified></Contents>
            <Contents><Key>without a time</Key></Contents>
            <NextContinuationToken>n/1=</NextContinuationToken></ListBucketResult>
            """
        let answer = S3Answer(Array(xml.utf8))
        #expect(answer.kind == "ListBucketResult")
        #expect(answer.objects.map(\.key) == ["incoming/a", "incoming/b&c"])
        #expect(answer.objects.last?.changedAt == "2013-05-25T00:00:00.000Z")
        #expect(answer.nextPage == "n/1=")
    }

    @Test(arguments: [
        ("", nil), ("no xml", nil), ("<Error><Code>SlowDown</Code></Error>", "SlowDown"),
        ("<Error><Code><b/></Code></Error>", ""),
        ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Error><Code>&e;</Code></Error>", ""),
    ])
    func `whatever comes, nothing is followed`(xml: String, code: String?) {
        #expect(S3Answer(Array(xml.utf8)).errorCode == code)
    }
}
