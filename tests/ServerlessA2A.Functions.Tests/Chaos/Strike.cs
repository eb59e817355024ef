using ServerlessA2A.Functions.Tests.Deployed;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>What happens to an instance, and to which.</summary>
internal sealed record Strike(Strike.Kind What, int Instance, TimeSpan Time)
{
    public enum Kind
    {
        /// <summary>An instance of RunTaskFunction is killed, and another one started a moment later.</summary>
        KillRun,

        /// <summary>One stands still for longer than its leases last, and goes on then.</summary>
        FreezeRun,

        /// <summary>An instance of MessageFunction is killed, perhaps between a commit and its publish.</summary>
        KillMessage,

        /// <summary>An instance of NotifyFunction is killed, perhaps between the receiver's answer and its note of it.</summary>
        KillNotify,

        /// <summary>One stands still, perhaps with a webhook in hand.</summary>
        FreezeNotify,
    }

    public static Strike Draw(Random random)
    {
        var what = random.Next(10) switch { < 6 => Kind.KillRun, < 8 => Kind.FreezeRun, _ => Kind.KillMessage };
        return new Strike(
            what, random.Next(6), TimeSpan.FromMilliseconds(what == Kind.FreezeRun ? random.Next(1500, 4000) : random.Next(800)));
    }

    /// <summary>One of those who work on webhooks.</summary>
    public static Strike DrawForWebhooks(Random random)
    {
        var what = random.Next(10) switch { < 4 => Kind.KillRun, < 5 => Kind.FreezeRun, < 9 => Kind.KillNotify, _ => Kind.FreezeNotify };
        return new Strike(
            what, random.Next(6),
            TimeSpan.FromMilliseconds(what is Kind.FreezeRun or Kind.FreezeNotify ? random.Next(1500, 4000) : random.Next(800)));
    }

    /// <summary>The instance that is struck.</summary>
    public FunctionInstance Of(Deployment deployment)
    {
        var instances = What switch
        {
            Kind.KillMessage => deployment.Messages,
            Kind.KillNotify or Kind.FreezeNotify => deployment.Notifies,
            _ => deployment.Runs,
        };
        return instances[Instance % instances.Count];
    }

    public async Task HitAsync(FunctionInstance instance)
    {
        if (What is Kind.FreezeRun or Kind.FreezeNotify)
        {
            await instance.FreezeAsync(Time);
            return;
        }

        await instance.KillAsync();
        await Task.Delay(Time);
        await instance.StartAsync();
    }
}
