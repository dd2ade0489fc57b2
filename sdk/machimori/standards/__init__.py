"""Which published notations does the model use? Mesh codes, local governments, times."""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.standards.corporate_number import is_corporate_number
    from machimori.standards.local_government import is_local_government_code, prefecture_code, with_check_digit
    from machimori.standards.mesh import in_japan, mesh_code
    from machimori.standards.time import moment, seconds, written
else:
    __getattr__, __dir__ = handful(
        __name__,
        corporate_number="is_corporate_number",
        local_government="is_local_government_code prefecture_code with_check_digit",
        mesh="in_japan mesh_code",
        time="moment seconds written",
    )

__all__ = [
    "in_japan",
    "is_corporate_number",
    "is_local_government_code",
    "mesh_code",
    "moment",
    "prefecture_code",
    "seconds",
    "with_check_digit",
    "written",
]
