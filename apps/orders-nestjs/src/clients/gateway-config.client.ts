import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { RequestRefused, sendJson } from './send-json.js';

const route = z.object({ validation: z.object({ allowedFields: z.array(z.string()) }) });

/** Talks to the admin API of the gateway, which turns away requests with fields that it does not know. */
@Injectable()
export class GatewayConfigClient {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  async allowedFields(routeName: string): Promise<readonly string[]> {
    const { validation } = route.parse(await sendJson('GET', this.#url(routeName)));
    return validation.allowedFields;
  }

  async allowField(routeName: string, field: string): Promise<void> {
    await sendJson('PUT', `${this.#url(routeName)}/validation/allowed-fields/${field}`);
  }

  /** A field that is not allowed anyway is fine. */
  async disallowField(routeName: string, field: string): Promise<void> {
    try {
      await sendJson('DELETE', `${this.#url(routeName)}/validation/allowed-fields/${field}`);
    } catch (error) {
      if (!(error instanceof RequestRefused && error.status === 404)) throw error;
    }
  }

  #url(routeName: string): string {
    return `${this.configuration.gatewayUrl}/routes/${routeName}`;
  }
}
