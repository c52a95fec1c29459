"""Starts moto's server with the calls that it lacks and a deployment needs; those of SageMaker are here.

Without them a stack could create feature groups, model package groups and endpoints, but neither remove nor change
them, and a question for a feature group that is gone would break the server instead of being answered. The records of
feature groups are kept by moto_feature_records.py, and calls of other services are added by moto_additions.py.
"""

import json
import sys

import moto_additions
import moto_feature_records
from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ConflictException, ResourceNotFound, ValidationError
from moto.sagemaker.models import FakeEndpoint, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemaker.utils import arn_formatter
from moto.server import main

added_operations = (
    "delete_feature_group",
    "update_feature_group",
    "delete_model_package",
    "delete_model_package_group",
    "put_model_package_group_policy",
    "get_model_package_group_policy",
    "delete_model_package_group_policy",
    "update_endpoint",
)
for operation in added_operations:
    if hasattr(SageMakerResponse, operation):
        sys.exit(f"This version of moto carries {operation} itself: take it out of moto_launcher.py.")

# What moto forgets of a feature group: its description and its online store.
unkept_feature_group_fields = ("Description", "OnlineStoreConfig", "ThroughputConfig")


def feature_group_of(response):
    backend = response.sagemaker_backend
    name = response._get_param("FeatureGroupName")
    arn = arn_formatter("feature-group", name.lower(), backend.account_id, backend.region_name)
    if arn not in backend.feature_groups:
        raise ResourceNotFound(f"Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}.")
    return backend.feature_groups[arn]


def create_feature_group(self):
    offline = self._get_param("OfflineStoreConfig")
    # moto takes an offline store for granted.
    arn = self.sagemaker_backend.create_feature_group(
        feature_group_name=self._get_param("FeatureGroupName"),
        record_identifier_feature_name=self._get_param("RecordIdentifierFeatureName"),
        event_time_feature_name=self._get_param("EventTimeFeatureName"),
        feature_definitions=self._get_param("FeatureDefinitions"),
        offline_store_config=offline or {"S3StorageConfig": {"S3Uri": ""}},
        role_arn=self._get_param("RoleArn"),
        tags=self._get_param("Tags") or [],
    )
    group = self.sagemaker_backend.feature_groups[arn]
    group.has_offline_store = offline is not None
    group.unkept = {key: self._get_param(key) for key in unkept_feature_group_fields if self._get_param(key)}
    return ActionResult({"FeatureGroupArn": arn})


def describe_feature_group(self):
    group = feature_group_of(self)
    answer = {**group.describe(), **group.unkept}
    if not group.has_offline_store:
        del answer["OfflineStoreConfig"]
    return ActionResult(answer)


def update_feature_group(self):
    group = feature_group_of(self)
    group.feature_definitions = group.feature_definitions + (self._get_param("FeatureAdditions") or [])
    for key in ("OnlineStoreConfig", "ThroughputConfig"):
        if self._get_param(key):
            group.unkept[key] = {**group.unkept.get(key, {}), **self._get_param(key)}
    return ActionResult({"FeatureGroupArn": group.arn})


def delete_feature_group(self):
    del self.sagemaker_backend.feature_groups[feature_group_of(self).arn]
    return EmptyResult()


def model_package_group_of(response):
    return response.sagemaker_backend.describe_model_package_group(response._get_param("ModelPackageGroupName"))


def delete_model_package_group(self):
    group = model_package_group_of(self)
    name = group.model_package_group_name
    packages = self.sagemaker_backend.model_packages.values()
    if any(package.model_package_group_name == name for package in packages):
        raise ConflictException(f"Model package group {name} still contains model packages; delete them first.")
    del self.sagemaker_backend.model_package_groups[name]
    return EmptyResult()


def delete_model_package(self):
    backend = self.sagemaker_backend
    name = self._get_param("ModelPackageName")
    arn = backend.model_package_name_mapping.get(name, name)
    if arn not in backend.model_packages:
        raise ValidationError(f"Could not find model package {name}.")
    del backend.model_packages[arn]
    return EmptyResult()


def put_model_package_group_policy(self):
    group = model_package_group_of(self)
    policy = self._get_param("ResourcePolicy")
    try:
        json.loads(policy)
    except ValueError:
        raise ValidationError("The resource policy is not a JSON document.") from None
    group.resource_policy = policy
    return ActionResult({"ModelPackageGroupArn": group.arn})


def get_model_package_group_policy(self):
    group = model_package_group_of(self)
    policy = getattr(group, "resource_policy", None)
    if policy is None:
        raise ValidationError(f"Cannot find resource policy for: {group.arn}")
    return ActionResult({"ResourcePolicy": policy})


def delete_model_package_group_policy(self):
    model_package_group_of(self).resource_policy = None
    return EmptyResult()


def update_endpoint(self):
    backend = self.sagemaker_backend
    name = self._get_param("EndpointName")
    backend.describe_endpoint(name)
    endpoint = backend.endpoints[name]
    config_name = self._get_param("EndpointConfigName")
    updated = FakeEndpoint(
        account_id=backend.account_id,
        region_name=backend.region_name,
        endpoint_name=name,
        endpoint_config_name=config_name,
        production_variants=backend.describe_endpoint_config(config_name)["ProductionVariants"],
        data_capture_config=backend.describe_endpoint_config(config_name)["DataCaptureConfig"],
        tags=endpoint.tags,
    )
    updated.creation_time = endpoint.creation_time
    backend.endpoints[name] = updated
    return ActionResult({"EndpointArn": updated.arn})


resource_of_arn = SageMakerModelBackend._get_resource_from_arn


def get_resource_from_arn(self, arn):
    if ":feature-group/" in arn:
        if arn not in self.feature_groups:
            raise ValidationError(f"Could not find {arn}")
        resource = self.feature_groups[arn]
    else:
        resource = resource_of_arn(self, arn)
    if resource is not None and resource.tags is None:
        resource.tags = []
    return resource


def add_tags(self, arn, tags):
    """A tag that is set again replaces the old one; moto would keep both."""
    resource = self._get_resource_from_arn(arn)
    keys = {tag["Key"] for tag in tags}
    resource.tags = [tag for tag in resource.tags if tag["Key"] not in keys] + tags
    return resource.tags


for function in (
    create_feature_group,
    describe_feature_group,
    update_feature_group,
    delete_feature_group,
    delete_model_package,
    delete_model_package_group,
    put_model_package_group_policy,
    get_model_package_group_policy,
    delete_model_package_group_policy,
    update_endpoint,
):
    setattr(SageMakerResponse, function.__name__, function)
SageMakerModelBackend._get_resource_from_arn = get_resource_from_arn
SageMakerModelBackend.add_tags = add_tags
moto_additions.install()
moto_feature_records.install()

main()
