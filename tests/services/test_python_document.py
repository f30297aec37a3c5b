"""The code of docs/python.md does what the document says."""

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "python.md"
BLOCKS = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_code_of_the_document_prints_what_the_document_says(database_url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RECEIVABLES_HOME", str(tmp_path))
    monkeypatch.setenv("RECEIVABLES_DATABASE_URL", database_url)
    text = DOCUMENT.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    blocks = BLOCKS.findall(text)
    assert len(blocks) == text.count("```python") == 2
    for code, printed in blocks:
        exec(compile(code, str(DOCUMENT), "exec"), names)
        assert capsys.readouterr().out == printed
