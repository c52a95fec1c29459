"""Calls of DMS, EMR Serverless and Glue's schema registry that moto lacks and a deployment needs: changes and tags."""

import json
import sys
from urllib.parse import unquote

from moto.core.responses import ActionResult, EmptyResult
from moto.dms import models as dms_models
from moto.dms.responses import DatabaseMigrationServiceResponse
from moto.emrserverless import urls as emr_urls
from moto.emrserverless.responses import EMRServerlessResponse
from moto.glue.glue_schema_registry_utils import validate_registry_id
from moto.glue.responses import GlueResponse


def add(response, function):
    """Adds an operation; the start ends when moto carries it itself."""
    if hasattr(response, function.__name__):
        sys.exit(f"This version of moto carries {function.__name__} itself: take it out of moto_additions.py.")
    setattr(response, function.__name__, function)


# DMS

ENDPOINT_FIELDS = {
    "CertificateArn": "certificate_arn",
    "DatabaseName": "database_name",
    "EngineName": "engine_name",
    "ExtraConnectionAttributes": "extra_connection_attributes",
    "MongoDbSettings": "mongo_db_settings",
    "MySQLSettings": "my_sql_settings",
    "Password": "password",
    "Port": "port",
    "PostgreSQLSettings": "postgre_sql_settings",
    "S3Settings": "s3_settings",
    "ServerName": "server_name",
    "ServiceAccessRoleArn": "service_access_role_arn",
    "SslMode": "ssl_mode",
    "Username": "username",
}


def modify_endpoint(self):
    request = json.loads(self.body)
    found = [each for each in self.dms_backend.endpoints.values() if each.endpoint_arn == request["EndpointArn"]]
    if not found:
        raise dms_models.ResourceNotFoundFault("Endpoint could not be found.")
    for name, attribute in ENDPOINT_FIELDS.items():
        if name in request:
            setattr(found[0], attribute, request[name])
    return json.dumps({"Endpoint": {key: value for key, value in found[0].to_dict().items() if value is not None}})


def modify_replication_subnet_group(self):
    request = json.loads(self.body)
    group = self.dms_backend.replication_subnet_groups.get(request["ReplicationSubnetGroupIdentifier"])
    if group is None:
        raise dms_models.ResourceNotFoundFault("Replication subnet group could not be found.")
    group.subnetIds = request["SubnetIds"]
    group.description = request.get("ReplicationSubnetGroupDescription", group.description)
    return json.dumps({"ReplicationSubnetGroup": group.to_dict()})


def add_tags_to_resource(self):
    request = json.loads(self.body)
    self.dms_backend.tagger.tag_resource(request["ResourceArn"], request["Tags"])
    return json.dumps({})


def remove_tags_from_resource(self):
    request = json.loads(self.body)
    self.dms_backend.tagger.untag_resource_using_names(request["ResourceArn"], request["TagKeys"])
    return json.dumps({})


made_group = dms_models.DatabaseMigrationServiceBackend.create_replication_subnet_group


def create_group(self, replication_subnet_group_identifier, replication_subnet_group_description, subnet_ids, tags=None):
    """moto forgets the subnets of a group."""
    group = made_group(
        self,
        replication_subnet_group_identifier=replication_subnet_group_identifier,
        replication_subnet_group_description=replication_subnet_group_description,
        subnet_ids=subnet_ids,
        tags=tags,
    )
    group.subnetIds = subnet_ids
    return group


described_group = dms_models.FakeReplicationSubnetGroup.to_dict


def describe_group(self):
    """moto answers the same made-up subnet for every group."""
    subnets = [{"SubnetIdentifier": each, "SubnetStatus": "Active"} for each in self.subnetIds or []]
    return {**described_group(self), "Subnets": subnets}


# EMR Serverless

# What moto forgets of an application.
UNKEPT = (
    "architecture",
    "imageConfiguration",
    "interactiveConfiguration",
    "monitoringConfiguration",
    "runtimeConfiguration",
    "schedulerConfiguration",
    "workerTypeSpecifications",
)

made_application = EMRServerlessResponse.create_application
changed_application = EMRServerlessResponse.update_application


def keep(response, application):
    kept = getattr(application, "unkept", {"architecture": "X86_64"})
    given = {name: response._get_param(name) for name in UNKEPT if response._get_param(name) is not None}
    application.unkept = {**kept, **given}


def create_application(self):
    answer = made_application(self)
    application = list(self.emrserverless_backend.applications.values())[-1]
    application.state = "CREATED"
    keep(self, application)
    return answer


def update_application(self):
    answer = changed_application(self)
    application = self.emrserverless_backend.get_application(self._get_param("applicationId"))
    if self._get_param("releaseLabel"):
        application.release_label = self._get_param("releaseLabel")
    keep(self, application)
    return answer


NAMES = {
    "id": "applicationId",
    "release_label": "releaseLabel",
    "state_details": "stateDetails",
    "initial_capacity": "initialCapacity",
    "maximum_capacity": "maximumCapacity",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "auto_start_configuration": "autoStartConfiguration",
    "auto_stop_configuration": "autoStopConfiguration",
    "network_configuration": "networkConfiguration",
}


def get_application(self):
    application = self.emrserverless_backend.get_application(self._get_param("applicationId"))
    own = {name: getattr(application, name) for name in ("name", "arn", "type", "state", "tags")}
    renamed = {new: getattr(application, old) for old, new in NAMES.items()}
    answer = {**own, **renamed, **application.unkept}
    return ActionResult({"application": {key: value for key, value in answer.items() if value is not None}})


def application_tags(backend, arn):
    for application in backend.applications.values():
        if application.arn == unquote(arn):
            return application.tags
    return {}


def arn_in_path(self):
    return self.path.split("/tags/", 1)[-1]


def list_tags_for_resource(self):
    return ActionResult({"tags": application_tags(self.emrserverless_backend, arn_in_path(self))})


def tag_resource(self):
    application_tags(self.emrserverless_backend, arn_in_path(self)).update(self._get_param("tags"))
    return EmptyResult()


def untag_resource(self):
    tags = application_tags(self.emrserverless_backend, arn_in_path(self))
    for key in self.querystring.get("tagKeys", []):
        tags.pop(key, None)
    return EmptyResult()


# Glue's schema registry


def update_registry(self):
    registries = self.glue_backend.registries
    registry = registries[validate_registry_id(self._get_param("RegistryId"), registries)]
    registry.description = self._get_param("Description")
    return ActionResult({"RegistryName": registry.name, "RegistryArn": registry.registry_arn})


def install():
    for function in (
        modify_endpoint,
        modify_replication_subnet_group,
        add_tags_to_resource,
        remove_tags_from_resource,
    ):
        add(DatabaseMigrationServiceResponse, function)
    dms_models.DatabaseMigrationServiceBackend.create_replication_subnet_group = create_group
    dms_models.FakeReplicationSubnetGroup.to_dict = describe_group
    for function in (list_tags_for_resource, tag_resource, untag_resource):
        add(EMRServerlessResponse, function)
    for function in (create_application, update_application, get_application):
        setattr(EMRServerlessResponse, function.__name__, function)
    emr_urls.url_paths["{0}/tags/(?P<resourceArn>.+)$"] = EMRServerlessResponse.dispatch
    add(GlueResponse, update_registry)
