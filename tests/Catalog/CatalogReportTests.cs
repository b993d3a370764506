using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary>What a person reads who made many mistakes.</summary>
public sealed class CatalogReportTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task CatalogFullOfMistakes()
    {
        _repository
            .Write("releases/2025.1/source-refs.yaml",
                "keystone: 27.0\nnova: --upload-pack=x\nglance: \"30.2.0\"\nglance: \"30.1.0\"\n../../etc: main\n")
            .Write("releases/2025.1/extra-packages.yaml",
                """
                keyston:
                  pip-extra: [ldap]
                nova:
                  pip-packages:
                    - uwsgi==2.0.31
                    - pymysql
                    - pymysql
                  apt-packages:
                    - python3-rbd [platform:ubuntu
                    - Qemu
                """)
            .Write("releases/2025.2/source-refs.yaml", "keystone:\n\t- 28.0.2\n")
            .Write("releases/2025.2/upper_constraints.txt", "")
            .Write("patches/nova/2025.11/0001-fix.patch", "")
            .Write("patches/nova/2025.1/0001-fix.diff", "")
            .Write("overrides/2025-1/constraints.txt", "");
        await Verifier.Verify(Assert.Throws<ProblemException>(_repository.Load).Message);
    }

    [Fact]
    public async Task SelectionFullOfMistakes() =>
        await Verifier.Verify(Assert.Throws<ProblemException>(() => _repository.Load()
            .Select(["keyston", "../../etc", "oslo.config", "nova"], ["2025.2", "$(x)"])).Message);

    [Fact]
    public async Task OverridesFullOfMistakes() =>
        await Verifier.Verify(Assert.Throws<ProblemException>(() => ConstraintOverrides.Parse(
            "# security\ncryptography>=44\r\n-foo===1 # gone\nglance_store===1;python_versoin=='3.12'\n"
            + "nova @ git+https://x\nfoo_bar===1\nfoo.bar===2\n",
            "overrides/2025.1/constraints.txt")).Message);
}
