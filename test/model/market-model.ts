import { Doubts } from './doubts';
import { ModelMarket } from './model-market';
import { Truth } from './truth';
import type { VirtualTime } from './virtual-time';
import type { World } from './world';

/** All that the model knows of one market. */
export class MarketModel {
  readonly market: ModelMarket;
  readonly doubts: Doubts;
  readonly truth: Truth;

  constructor(world: World, time: VirtualTime) {
    this.market = new ModelMarket(world);
    this.doubts = new Doubts(this.market);
    this.truth = new Truth(this.market, this.doubts, time);
  }
}
