"""The process that sets one document: an order on its input, a PDF on its output."""

import json
import sys
from pathlib import Path


def main() -> None:
    """Read the order, write the PDF."""
    import typst  # noqa: PLC0415 (only this process carries the typesetter)

    order = json.load(sys.stdin)
    pdf = typst.compile(
        Path(order["template"]).read_bytes(),
        format="pdf",
        font_paths=[order["fonts"]],
        sys_inputs={"data": json.dumps(order["data"])},
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
