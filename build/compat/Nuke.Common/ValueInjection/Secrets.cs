using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;

namespace Nuke.Common.ValueInjection;

/// <summary>
/// Secrets in parameter files: <c>v1:</c> and base64 of AES-256-CBC, key and initialisation vector being the first 48 bytes of
/// PBKDF2 over the password, which comes from <c>PARAMS_KEY</c> or, for a profile, <c>PARAMS_&lt;PROFILE&gt;_KEY</c>.
/// </summary>
static class Secrets
{
    const string Version = "v1:";
    static readonly byte[] Salt = Convert.FromHexString("4976616e204d65647665646576");

    public static string Decrypt(string text, string name, string profile, AbsolutePath rootDirectory)
    {
        var password = Parameters.Get<string>($"PARAMS{profile?.ToUpperInvariant()}KEY")
            ?? throw new Exception($"Could not decrypt '{name}' of {rootDirectory / ".nuke"}: set PARAMS_{(profile is null ? "" : profile.ToUpperInvariant() + "_")}KEY");
        try
        {
            var bytes = Convert.FromBase64String(text.StartsWith(Version, StringComparison.Ordinal) ? text[Version.Length..] : text);
            var key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Salt, 10_000, HashAlgorithmName.SHA256, 48);
            using var aes = Aes.Create();
            aes.Key = key[..32];
            return Encoding.UTF8.GetString(aes.DecryptCbc(bytes, key[32..]));
        }
        catch (Exception)
        {
            throw new Exception($"Could not decrypt '{name}' with provided password");
        }
    }
}
