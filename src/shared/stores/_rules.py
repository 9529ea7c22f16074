"""Refusals that the AWS stores and their memory twins word in the same way, so that a test against one also
holds for the other."""

from shared.domain.link import Lease
from shared.ports import Commit


def check_owner(commit: Commit) -> None:
    """A lease may only be taken for oneself."""
    if isinstance(commit.lease, Lease) and commit.lease.owner != commit.owner:
        raise ValueError(f"{commit.owner} cannot take a lease on behalf of {commit.lease.owner}")


def contention(commit: Commit, version: int, lease_owner: str) -> str:
    """Why a commit was refused, as a sentence."""
    link_id = commit.link.link_id
    if version != commit.expected:
        return (
            f"link {link_id} was saved by another worker (it is at version {version}, and this work started "
            f"from {commit.expected})"
        )
    return f"link {link_id} is held by {lease_owner or 'another worker'} until its lease ends"


def taken(link_id: str, record: str) -> str:
    """Why a claim was refused, as a sentence. `record`: system, entity and id."""
    return (
        f"record {record} already belongs to a link other than {link_id}; look at both records and keep one"
    )


def absent(name: str) -> str:
    return f"there is no integration named {name!r} in this stack: check the name, or connect it first"


def nothing_stored(integration: str, system: str) -> str:
    return (
        f"no credentials for {system} are stored in the integration {integration}: "
        f"run `tieout connect {system}` to store them"
    )
