"""Webhooks: each save queues a job for each hook on its module, and "cron" sends the jobs once, without
retry.

The body has what a customer maps: the bare record number, module, modifiedtime, and the parameters of the
hook. Deletions are not announced."""

from typing import Any

from local.vendors._outbox import Job, Outbox
from local.vendors.vtiger.server import Record, VtigerServer


class Webhooks(Outbox):
    def __init__(self, server: VtigerServer) -> None:
        super().__init__(lambda: server.options.cron_seconds)
        self._server = server
        server.heard.append(self.heard)

    def heard(self, record: Record) -> None:
        options = self._server.options
        if not options.hears:
            return
        hooks = [hook for hook in options.webhooks if hook.get("module") in (record.module, None)]
        hooks += [{"url": options.webhook_url}] if options.webhook_url else []
        told = {
            "id": str(record.number),
            "module": record.module,
            "modifiedtime": record.values["modifiedtime"],
        }
        self.put(_job(hook, {**told, **(hook.get("parameters") or {})}) for hook in hooks)

    def waiting(self) -> list[dict[str, Any]]:
        return [dict(job.body) for job in self.queued()]


def _job(hook: dict[str, Any], body: dict[str, Any]) -> Job:
    told = {"id": body["id"], "module": body["module"]}
    return Job(str(hook["url"]), body, told, dict(hook.get("headers") or {}))
