#pragma once
// Everything.

#include "laurel/adjusting.hpp"
#include "laurel/engine.hpp"
#include "laurel/lots.hpp"
#include "laurel/merging.hpp"
#include "laurel/people.hpp"
#include "laurel/pool.hpp"
#include "laurel/privacy.hpp"
#include "laurel/redemption.hpp"
#include "laurel/report.hpp"
#include "laurel/review.hpp"
#include "laurel/transfer.hpp"
#include "laurel/view.hpp"
#include "laurel/webhook.hpp"
