"""The creditors' file: whose letters they are; a mistake in it is told with file, key and rule."""

import pytest

from infra.creditors import Creditor, Creditors, is_iban
from infra.files.toml_tables import MOST_BYTES
from infra.unavailable import Unavailable

FULL = """
[main]
name = "Nordwind GmbH"
address = ["Hafenstraße 12", "20457 Hamburg"]
contact = "Anna Petersen"
email = "forderungen@nordwind.example"
phone = "+49 40 1234-560"
website = "www.nordwind.example"
iban = "de89 3704 0044 0532 0130 00"
bic = "cobadeffxxx"
bank = "Commerzbank"
tax_number = "DE123456789"
registration = "HRB 12345"
footer = "Geschäftsführer: Jan Petersen"

["branch north"]
name = "Nordwind Noord"
address = '''
Kade 1
1011 AB Amsterdam
'''
"""


@pytest.fixture
def load(tmp_path):
    def read(text: str) -> Creditors:
        (tmp_path / "creditors.toml").write_text(text, encoding="utf-8")
        return Creditors.load(tmp_path)

    return read


def test_without_a_file_an_entity_has_its_name_alone(tmp_path):
    found = Creditors.load(tmp_path).of("main")
    assert found == Creditor("main", "main")
    assert found.missing == ("address", "email", "phone", "iban")


def test_each_entity_has_a_table_of_its_own(load):
    found = load(FULL)
    main = found.of("main")
    assert main == Creditor(
        "main",
        "Nordwind GmbH",
        ("Hafenstraße 12", "20457 Hamburg"),
        "Anna Petersen",
        "forderungen@nordwind.example",
        "+49 40 1234-560",
        "www.nordwind.example",
        "DE89370400440532013000",
        "COBADEFFXXX",
        "Commerzbank",
        "DE123456789",
        "HRB 12345",
        ("Geschäftsführer: Jan Petersen",),
    )
    assert main.missing == ()
    assert found.of("branch north").address == ("Kade 1", "1011 AB Amsterdam")
    assert found.of("another").name == "another"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[main]\nname = 'A'\niban = 'DE89370400440532013001'", "main.iban in"),
        ("[main]\nname = 'A'\niban = 'DE89370400440532013001'", "its check digits do not fit"),
        ("[main]\nname = 'A'\nbic = 'COBA'", "which is no BIC"),
        ("[main]\nname = 'A'\nemail = 'a@b'", "which is no e-mail address"),
        ('[main]\nname = "A"\nemail = "a@b.example\\r\\nBcc: x@y.example"', "which is no line"),
        ("[main]\nname = ' '", "which is no line"),
        ("[main]\nname = 3", "which is no line"),
        ("[main]\nname = 'A'\naddress = []", "which is no text of one to 6 lines"),
        ("[main]\nname = 'A'\naddress = [3]", "which is no line"),
        ("[main]\nemail = 'a@b.example'", "gives main no name"),
        ("[main]\nname = 'A'\nibna = 'x'", "sets main.ibna, which is none: did you mean iban?"),
        ("[main]\nname = 'A'\nentity = 'x'", "sets main.entity, which is none"),
        ("name = 'A'", "which is no table"),
        ("[main", "cannot be read"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "cannot be read"),
        ("a = " + "9" * 5_000, "cannot be read"),
        ("# " + "x" * MOST_BYTES, "is longer than"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_key_and_rule(load, tmp_path, text, message):
    with pytest.raises(Unavailable) as problem:
        load(text)
    assert message in problem.value.message
    assert str(tmp_path / "creditors.toml") in problem.value.message


def test_a_slip_in_an_account_number_is_seen():
    iban = "NL91ABNA0417164300"
    assert is_iban(iban)
    others = [iban[:i] + iban[i + 1] + iban[i] + iban[i + 2 :] for i in range(4, 17) if iban[i] != iban[i + 1]]
    others += [f"{iban[:i]}{(int(iban[i]) + 1) % 10}{iban[i + 1 :]}" for i in range(8, 18)]
    assert [each for each in others if is_iban(each)] == []
    assert not any(map(is_iban, ("", "NL91", iban.lower(), iban + "\n", iban + "A" * 30)))
