"""Container images: what `docker save` writes, old and new, and the blobs of an OCI layout."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from tests.places.archives import reads
from tests.places.boxes import TAR, TGZ
from tests.places.model import Draw, Place


def places(draw: Draw) -> Iterator[Place]:
    for kind, path, box in (("docker save", "image.tar", TAR), ("docker save | gzip", "image.tar.gz", TGZ)):
        key = draw.key()
        layer = TAR.pack({"app/.env": f"FREDDY_API_KEY={key}\n".encode(), "app/x": b"x" * 9000})
        folder = hashlib.sha256(layer).hexdigest()
        manifest = json.dumps([{"Config": "c.json", "RepoTags": ["app:1"], "Layers": [f"{folder}/layer.tar"]}])
        files = {f"{folder}/VERSION": b"1.0", f"{folder}/layer.tar": layer, "manifest.json": manifest.encode()}
        yield Place(kind, path, box.pack(files), key, reads(TAR.unpack, TAR.unpack))
    key = draw.key()
    config = json.dumps({"config": {"Env": ["PATH=/bin", f"FREDDY_API_KEY={key}"]}, "rootfs": {"type": "layers"}})
    yield Place("config of docker save", "saved.tar", TAR.pack({"c.json": config.encode()}), key, reads(TAR.unpack))
    key = draw.key()
    layer = TGZ.pack({"etc/freddy": f"{key}\n".encode()})
    name = f"blobs/sha256/{hashlib.sha256(layer).hexdigest()}"
    yield Place("oci layer in a layout", name, layer, key, reads(TGZ.unpack))
    key = draw.key()
    layer = TGZ.pack({"etc/freddy": f"{key}\n".encode(), "etc/x": bytes(9000)})
    files = {
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
        f"blobs/sha256/{hashlib.sha256(layer).hexdigest()}": layer,
    }
    yield Place("oci archive", "oci.tar", TAR.pack(files), key, reads(TAR.unpack, TGZ.unpack))
    key = draw.key()
    history = json.dumps({"history": [{"created_by": f"ENV FREDDY_API_KEY={key}"}]}).encode()
    yield Place("oci config", f"blobs/sha256/{hashlib.sha256(history).hexdigest()}", history, key)
