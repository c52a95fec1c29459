import {
  PutRecordCommand,
  SageMakerFeatureStoreRuntimeClient,
  TtlDurationUnit,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";

import { activeFeatures, FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import { OnlineRow, OnlineStore, PutOutcome } from "./online-store";

/**
 * A SageMaker feature group. The service itself keeps the newest record of an entity online; older ones only go to the
 * offline store.
 */
export class SageMakerOnlineStore implements OnlineStore {
  readonly place;

  constructor(
    private readonly client: SageMakerFeatureStoreRuntimeClient,
    private readonly featureGroupName: string,
    private readonly view: FeatureView,
    private readonly entity: FeatureEntity,
  ) {
    this.place = { namespace: "sagemaker", name: featureGroupName };
  }

  async put({ values, eventTime }: OnlineRow): Promise<PutOutcome> {
    const { eventTime: eventTimeName, ttlSeconds } = this.view;
    const names = [...this.entity.joinKeys, ...activeFeatures(this.view)].map(({ name }) => name);
    // A missing value is no value: SageMaker takes no null.
    const present = names.filter((name) => values[name] !== null && values[name] !== undefined);
    await this.client.send(
      new PutRecordCommand({
        FeatureGroupName: this.featureGroupName,
        Record: [
          ...present.map((name) => ({ FeatureName: name, ValueAsString: String(values[name]) })),
          {
            FeatureName: eventTimeName,
            ValueAsString: new Date(Number(eventTime / 1000n)).toISOString(),
          },
        ],
        ...(ttlSeconds === undefined
          ? {}
          : { TtlDuration: { Unit: TtlDurationUnit.SECONDS, Value: ttlSeconds } }),
      }),
    );
    return PutOutcome.Written;
  }
}
