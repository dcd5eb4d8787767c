"""Reads the mapping file of the command line (`--map FILE`), JSON or TOML.

```toml
[columns]              # header in the file = field of the desk
"Asset Nr" = "inventory_number"
"Acq. date" = "acquired"
[fixed]                # the same text for every row
entity = "UNICEF"
[dates]                # "dmy", "mdy" or "ymd"
acquired = "dmy"
[numbers]              # "point" (1,234.56) or "comma" (1.234,56)
cost = "point"
```

A list `trusted = ["serial"]` (before the first part) names fields to be read without suspicion of lost zeros.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from cbo_desk.errors import Refusal, file_news
from cbo_desk.tabular.fields import Mapping, mapping_from_dict
from cbo_desk.tabular.source import why


def read_mapping(path: Path | str) -> Mapping:
    """The mapping in a file; `Refusal` where there is none that is usable, `Trouble` where it cannot be read."""
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except OSError as error:
        raise file_news(error, f"{path.name} cannot be read: {why(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path.name} is neither JSON nor TOML: {error}") from None
    return mapping_from_dict(data)
