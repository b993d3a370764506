namespace CycloneDX.Models;

public class Hash
{
    public enum HashAlgorithm
    {
        Null,
        MD5,
        SHA_1,
        SHA_256,
        SHA_384,
        SHA_512,
        SHA3_256,
        SHA3_384,
        SHA3_512,
        BLAKE2b_256,
        BLAKE2b_384,
        BLAKE2b_512,
        BLAKE3,
        Streebog_256,
        Streebog_512,
    }

    public HashAlgorithm Alg { get; set; }

    public string? Content { get; set; }
}
